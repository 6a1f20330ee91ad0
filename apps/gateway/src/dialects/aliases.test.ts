import { describe, expect, it } from '@jest/globals';
import { Aliases, modelAliases } from './aliases.js';

describe('Aliases', () => {
  const aliases = new Aliases({
    'sd_xl_base_1.0.safetensors': 'house/large',
    'dall-e-2': 'default',
    '*': 'house/small',
    'field:loras': null,
  });

  it('tries what a listed name means and nothing else', () => {
    expect(aliases.modelsFor('sd_xl_base_1.0.safetensors')).toEqual(['house/large']);
    expect(aliases.modelsFor('dall-e-2')).toEqual([null]);
  });

  it('tries any other name as it is first, for it may be on offer', () => {
    expect(aliases.modelsFor('house/large')).toEqual(['house/large', 'house/small']);
    expect(new Aliases().modelsFor('unknown')).toEqual(['unknown']);
  });

  it('leaves the choice to the deployment where none is named', () => {
    expect(aliases.modelsFor(undefined)).toEqual([null]);
  });

  it('takes no name from what every object inherits', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(new Aliases().modelsFor(name)).toEqual([name]);
      expect(new Aliases().tolerates(name)).toBe(false);
    }
  });

  it('lets only listed fields go unhonoured', () => {
    expect(aliases.tolerates('loras')).toBe(true);
    expect(aliases.tolerates('embeddings')).toBe(false);
    expect(new Aliases({ 'field:*': null }).tolerates('embeddings')).toBe(true);
  });
});

describe('MODEL_ALIASES', () => {
  it.each(['{"*": "default", "field:*": null}', '{}'])('accepts %s', (text) => {
    expect(modelAliases.parse(text)).toEqual(JSON.parse(text));
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '["a"]'],
    ['a model without a meaning', '{"gone": null}'],
    ['a field with one', '{"field:loras": "other"}'],
    ['an empty name', '{"*": ""}'],
    ['a number', '{"*": 1}'],
  ])('refuses %s', (_, text) => {
    expect(modelAliases.safeParse(text).success).toBe(false);
  });
});
