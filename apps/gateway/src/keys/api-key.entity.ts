import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** An API key as kept at rest: its SHA-256 and what it may do, never the key itself. */
@Entity({ schema: 'gateway', name: 'api_keys' })
export class ApiKeyRow {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'account_id' })
  accountId!: string;

  @Column('bytea')
  digest!: Buffer;

  @Column('text', { array: true })
  scopes!: string[];

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
