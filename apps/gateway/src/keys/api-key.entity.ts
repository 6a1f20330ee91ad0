import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** An API key as kept at rest: its SHA-256 and what it may do, never the key itself. */
@Entity({ schema: 'gateway', name: 'api_keys' })
export class ApiKeyRow {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'account_id' })
  accountId!: string;

  @Column('text', { default: 'live' })
  kind!: 'live' | 'test';

  /** What its owner calls it. */
  @Column('text')
  name!: string;

  /** Its first and last characters, by which its owner knows it again. */
  @Column('text')
  hint!: string;

  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;

  /** The first of the keys that this one replaced, whose budget it shares; `null` for a new one. */
  @Column('text', { name: 'spends_as', nullable: true })
  spendsAs!: string | null;

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
