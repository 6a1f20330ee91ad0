import type { MediaType } from '@safelight/contracts';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** An image that was sent once. Its row is all that opens the sealed object. */
@Entity({ schema: 'gateway', name: 'uploads' })
export class UploadRow {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'account_id' })
  accountId!: string;

  @Column('text', { name: 'media_type' })
  mediaType!: MediaType;

  @Column('int')
  width!: number;

  @Column('int')
  height!: number;

  /** Of the picture as it was drawn anew. */
  @Column('int')
  bytes!: number;

  /** Base64. */
  @Column('text', { name: 'data_key' })
  dataKey!: string;

  /** SHA-256 of the picture as it was sent, and as it was drawn anew. */
  @Column('text', { array: true })
  digests!: string[];

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
