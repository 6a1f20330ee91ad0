import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** The customer. What it owns lives elsewhere: credits in billing, jobs in the orchestrator. */
@Entity({ schema: 'gateway', name: 'accounts' })
export class AccountRow {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  status!: 'active' | 'suspended';

  /** Names a row of `gateway.plans`. */
  @Column('text')
  plan!: string;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
