import { describe, expect, it } from '@jest/globals';
import { bucketKeyOf } from '@safelight/contracts';
import { objectUrl } from './object-address.js';

const frankfurt = { region: 'eu-central-1', bucket: 'my-pictures' };

describe('where an object goes', () => {
  it.each([
    [frankfurt, 'https://my-pictures.s3.eu-central-1.amazonaws.com/made/a.png'],
    [
      { region: 'eu-west-1', bucket: 'my.pictures' },
      'https://s3.eu-west-1.amazonaws.com/my.pictures/made/a.png',
    ],
    [
      { region: 'cn-north-1', bucket: 'pictures' },
      'https://pictures.s3.cn-north-1.amazonaws.com.cn/made/a.png',
    ],
  ])('at Amazon: %j', (target, url) => {
    expect(objectUrl(null, target, 'made/a.png')).toBe(url);
  });

  it.each(['https://s3.example.com', 'https://s3.example.com/'])('at %s', (endpoint) => {
    const url = objectUrl(new URL(endpoint), frankfurt, 'made/a.png');
    expect(url).toBe('https://s3.example.com/my-pictures/made/a.png');
  });

  it('keeps every letter of a key, written as signatures want it', () => {
    const url = objectUrl(null, frankfurt, "Größe/a+b c!'()*~%2F?#/x.png");
    expect(new URL(url).pathname).toBe(
      '/Gr%C3%B6%C3%9Fe/a%2Bb%20c%21%27%28%29%2A~%252F%3F%23/x.png',
    );
  });
});

describe('the key of an output', () => {
  const output = { jobId: 'job_1', outputId: 'out_1', mediaType: 'image/jpeg' } as const;
  it.each([
    ['made', false, 'made/job_1/out_1.jpg'],
    ['made', true, 'made/out_1.jpg'],
    ['/made/here/', false, 'made/here/job_1/out_1.jpg'],
    ['/', false, 'job_1/out_1.jpg'],
    ['', true, 'out_1.jpg'],
  ])('under %j, directly: %j', (path, isDirect, key) => {
    expect(bucketKeyOf({ path, save_to_path_directly: isDirect }, output)).toBe(key);
  });
});
