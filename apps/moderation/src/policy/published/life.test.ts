import { describe, expect, it } from '@jest/globals';
import { fold } from '@safelight/event-sourcing';
import { specificationOf } from '@safelight/testing';
import { inStage, type PolicyCommand, type PolicyEvent, policyLife } from './life.js';
import { readPolicyFile } from './policy-file.js';

const given = specificationOf(policyLife);
const documentOf = (name: string) =>
  readPolicyFile(JSON.stringify({ format: 'safelight-policy-1', name }));
const document = documentOf('stricter');
const policy = 'a'.repeat(64);
const drafted = (digest = policy, name = 'stricter'): PolicyEvent => ({
  ...{ type: 'PolicyDrafted', policy: digest, by: 'ann', document: documentOf(name) },
});
const shadowed = (digest = policy): PolicyEvent => ({
  ...{ type: 'PolicyShadowed', policy: digest, by: 'ann' },
});
const approved = (by: string, digest = policy): PolicyEvent => ({
  ...{ type: 'PolicyApproved', policy: digest, by },
});
const canaried = (percent = 5, digest = policy): PolicyEvent => ({
  ...{ type: 'PolicyCanaried', policy: digest, by: 'ann', percent },
});
const activated = (digest = policy): PolicyEvent => ({
  ...{ type: 'PolicyActivated', policy: digest, by: 'ann' },
});
const retired: PolicyEvent = { type: 'PolicyRetired', policy, by: 'ann', reason: 'no use' };
const at = { name: 'stricter', by: 'ann' };
const draft: PolicyCommand = { type: 'DraftPolicy', policy, by: 'ann', document };
const shadow: PolicyCommand = { type: 'ShadowPolicy', ...at };
const approve = (by: string): PolicyCommand => ({ type: 'ApprovePolicy', name: 'stricter', by });
const canary = (percent = 5): PolicyCommand => ({ type: 'CanaryPolicy', ...at, percent });
const activate: PolicyCommand = { type: 'ActivatePolicy', ...at };
const retire: PolicyCommand = { type: 'RetirePolicy', ...at, reason: 'no use' };
const [other, before] = ['b'.repeat(64), 'c'.repeat(64)];

describe('a policy', () => {
  it('goes from draft to shadow, to a canary with one approver, and with two it is active', () => {
    given().when(draft).then(drafted());
    given(drafted()).when(shadow).then(shadowed());
    given(drafted(), shadowed()).when(approve('bob')).then(approved('bob'));
    given(drafted(), shadowed(), approved('bob')).when(canary()).then(canaried());
    given(drafted(), shadowed(), approved('bob'), canaried())
      .when(approve('eve'))
      .then(approved('eve'));
    given(drafted(), shadowed(), approved('bob'), canaried(), approved('eve'))
      .when(activate)
      .then(activated());
  });

  it('is approved by nobody twice, and not by its author', () => {
    given(drafted(), shadowed(), approved('bob')).when(approve('bob')).thenNothing();
    given(drafted(), shadowed()).when(approve('ann')).thenRefused('policy.author');
    given(drafted(), shadowed()).when(canary()).thenRefused('policy.approvals');
    given(drafted(), shadowed(), approved('bob'), canaried())
      .when(activate)
      .thenRefused('policy.approvals');
  });

  it('leaves out no stage', () => {
    given(drafted()).when(approve('bob')).thenRefused('policy.stage');
    given(drafted()).when(canary()).thenRefused('policy.stage');
    given(drafted(), shadowed(), approved('bob'), approved('eve'))
      .when(activate)
      .thenRefused('policy.stage');
  });

  it('is alone in its stage', () => {
    const shadows = [drafted(other, 'other'), shadowed(other), drafted()];
    given(...shadows)
      .when(shadow)
      .thenRefused('policy.busy');
    const canaries = [...shadows.slice(0, 2), approved('bob', other), canaried(5, other)];
    given(...canaries, drafted(), shadowed(), approved('bob'))
      .when(canary())
      .thenRefused('policy.busy');
  });

  it('replaces the active one in the same moment', () => {
    const active = [drafted(before, 'before'), shadowed(before), canaried(5, before)];
    const ready = [drafted(), shadowed(), approved('bob'), canaried(), approved('eve')];
    const replaced = { type: 'PolicyRetired', policy: before, by: 'ann' } as const;
    given(...active, activated(before), ...ready)
      .when(activate)
      .then({ ...replaced, reason: 'replaced by stricter' }, activated());
  });

  it('does nothing twice', () => {
    const all = [drafted(), shadowed(), approved('bob'), canaried(), approved('eve'), activated()];
    given(drafted()).when(draft).thenNothing();
    given(drafted(), shadowed()).when(shadow).thenNothing();
    given(drafted(), shadowed(), approved('bob'), canaried()).when(canary()).thenNothing();
    given(...all)
      .when(activate)
      .thenNothing();
  });

  it('reaches more accounts as a canary', () =>
    given(drafted(), shadowed(), approved('bob'), canaried(5)).when(canary(20)).then(canaried(20)));

  it('is retired at any time, and is drafted again with no approval', () => {
    given(drafted()).when(retire).then(retired);
    given(drafted(), retired).when(shadow).thenRefused('policy.unknown');
    const again = [drafted(), shadowed(), approved('bob'), retired, drafted()];
    const [found] = [...fold(policyLife, again).values()];
    expect(found).toMatchObject({ stage: 'draft', approvers: [] });
    expect(inStage(fold(policyLife, again), 'active')).toBeUndefined();
  });

  it('has a name of its own while it lives', () => {
    const command: PolicyCommand = { ...draft, policy: other };
    given(drafted()).when(command).thenRefused('policy.exists');
    given(drafted(), retired).when(command).then(drafted(other));
  });
});
