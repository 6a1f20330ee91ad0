import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Something that was done to a record of an account; written by SQL, read by TypeORM. */
@Entity({ schema: 'gateway', name: 'audit' })
export class AuditRow {
  @PrimaryColumn('bigint')
  position!: bigint;

  @Column('timestamptz')
  at!: Date;

  @Column('text', { name: 'account_id' })
  accountId!: string;

  /** The key that did it; `null` for the operator. */
  @Column('text', { name: 'actor_key_id', nullable: true })
  actorKeyId!: string | null;

  @Column('text')
  action!: string;

  @Column('text', { name: 'subject_id' })
  subjectId!: string;

  @Column('json')
  details!: Record<string, unknown>;
}
