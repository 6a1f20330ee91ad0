import { describe, it } from '@jest/globals';
import { specificationOf } from '@safelight/testing';
import { access, type AccessEvent } from './access.js';

const given = specificationOf(access);
const at = (hour: number) => new Date(Date.UTC(2026, 10, 22, hour)).toISOString();
const asked: AccessEvent = { type: 'ReadingAsked', at: at(0), by: 'ann', reason: 'the report' };
const approved: AccessEvent = { type: 'ReadingApproved', at: at(1), by: 'bob', askedBy: 'ann' };
const read: AccessEvent = { type: 'EvidenceRead', at: at(2), by: 'ann', approvedBy: 'bob' };
const reading = (by: string, hour = 2) => ({ type: 'Read', at: at(hour), by }) as const;
const approve = (by: string) => ({ type: 'ApproveReading', at: at(1), by }) as const;

describe('evidence', () => {
  it('is read by whoever asked, after somebody else approved', () => {
    given(asked).when(approve('bob')).then(approved);
    given(asked, approved).when(reading('ann')).then(read);
  });

  it.each<[string, AccessEvent[], ReturnType<typeof reading>]>([
    ['nobody asked', [], reading('ann')],
    ['nobody approved', [asked], reading('ann')],
    ['somebody else asked', [asked, approved], reading('bob')],
    ['it was read already', [asked, approved, read], reading('ann')],
    ['a day went by', [asked, approved], reading('ann', 26)],
    ['they asked for something new since', [asked, approved, asked], reading('ann')],
  ])('is not read when %s', (_, events, command) => {
    given(...events)
      .when(command)
      .thenRefused('evidence.not_approved');
  });

  it('is not approved by whoever asked, nor unasked', () => {
    given(asked).when(approve('ann')).thenRefused('evidence.same_person');
    given().when(approve('bob')).thenRefused('evidence.not_asked');
  });

  it('that is shredded is read by nobody', () => {
    const shredded: AccessEvent = { type: 'EvidenceShredded', at: at(3) };
    given(asked, approved)
      .when({ type: 'Shred', at: at(3) })
      .then(shredded);
    given(asked, approved, shredded).when(reading('ann', 4)).thenRefused('evidence.shredded');
    given(shredded)
      .when({ type: 'Shred', at: at(4) })
      .thenNothing();
  });
});
