import { expect, describe as group, test } from 'vitest';
import { AwsClient } from '../../emulator/aws-client.ts';

interface Secret {
  readonly Name: string;
  readonly Description?: string;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

const namesOf =
  (secrets: readonly Secret[]) =>
  (...Filters: readonly { readonly Key: string; readonly Values: readonly string[] }[]): readonly string[] => {
    const client = new AwsClient();
    for (const secret of secrets) client.send('CreateSecret', secret);
    return Object(client.send('ListSecrets', { Filters })['SecretList']).map(({ Name }: Secret) => Name);
  };
const of =
  (...secrets: readonly Secret[]) =>
  (Key: string, ...Values: readonly string[]) =>
    namesOf(secrets)({ Key, Values });

group('ListSecrets finds by name', () => {
  const find = of({ Name: 'testing1' }, { Name: '/testing2' }, { Name: 'Testing3' });
  test.each([
    [['testing1'], ['testing1']],
    [['test'], ['testing1']],
    [['Test'], ['Testing3']],
    [['/'], ['/testing2']],
    [['!/'], ['testing1', 'Testing3']],
    [['ing1'], []],
    [['testing1 one'], []],
    [
      ['testing1', '/'],
      ['testing1', '/testing2'],
    ],
    [[''], ['testing1', '/testing2', 'Testing3']],
  ])('%j', (values, names) => {
    expect(find('name', ...values)).toEqual(names);
  });
});

// Recorded by the tests of LocalStack and moto.
group('ListSecrets finds by description', () => {
  const descriptions = ['a secret', 'an secret', 'asecret', 'thesecret', 'one and two'];
  const find = of(...descriptions.map((Description, index) => ({ Name: `${index}`, Description })), { Name: 'none' });
  const found = (...values: readonly string[]) =>
    find('description', ...values).map((name) => descriptions[Number(name)] ?? name);
  test.each([
    ['a', ['a secret', 'an secret', 'asecret', 'one and two']],
    ['a secret', ['a secret', 'an secret']],
    ['A Secret', ['a secret', 'an secret']],
    ['one two', ['one and two']],
    ['o t', ['one and two']],
    ['wo', []],
    ['!a', ['thesecret', 'none']],
    ['!c', [...descriptions, 'none']],
    ['', []],
  ])('%j', (value, expected) => {
    expect(found(value)).toEqual(expected);
  });
});

// Verified by the tests of moto.
group('ListSecrets finds by all', () => {
  const find = (text: string, value: string) => of({ Name: text })('all', value).length === 1;
  test.each([
    ['MyTestPhrase', ['my', 'test', 'MyTest', 'phrase', 'My_Test', 'my test'], ['ytest', 'testp']],
    ['my-test-phrase', ['my', 'test', 'my-test', 'my+test', 'test phrase'], ['ytest', '+']],
    ['COMPANY', ['company', 'COMP'], ['pany', 'N', 'MPANY']],
    ['COMPANYthings', ['compan', 'ythings', 'Ythings'], ['company', 'things']],
    ['two-kinds/of', ['two-kinds/of', 'two'], ['kinds', 'of']],
  ])('%s', (text, hits, misses) => {
    const found = (values: readonly string[]) => values.filter((value) => find(text, value));
    expect(found(hits)).toEqual(hits);
    expect(found(misses)).toEqual([]);
  });

  test('in the name, the description, and the keys and values of tags', () => {
    const find = of(
      { Name: 'alpha' },
      { Name: '1', Description: 'the alpha' },
      { Name: '2', Tags: [{ Key: 'alpha', Value: 'x' }] },
      { Name: '3', Tags: [{ Key: 'x', Value: 'Alpha' }] },
      { Name: '4' },
    );
    expect(find('all', 'alpha')).toEqual(['alpha', '1', '2', '3']);
    expect(find('all', '!alpha')).toEqual(['4']);
    expect(find('all', '+')).toEqual([]);
  });
});

test('ListSecrets finds by tags, and by what no secret of the emulator has', () => {
  const Tags = [{ Key: 'Key', Value: 'Value' }];
  const find = of({ Name: 'tagged', Tags }, { Name: 'bare' });
  expect(find('tag-key', 'Ke')).toEqual(['tagged']);
  expect(find('tag-key', 'ke')).toEqual([]);
  expect(find('tag-key', '!Ke')).toEqual(['bare']);
  expect(find('tag-value', 'Value')).toEqual(['tagged']);
  expect(find('tag-value', 'value')).toEqual([]);
  expect(find('primary-region', 'us')).toEqual([]);
  expect(find('owning-service', '!rds')).toEqual(['tagged', 'bare']);
});

test('several filters must all match, also with the same key', () => {
  const find = namesOf([
    { Name: 'a', Description: 'one two' },
    { Name: 'ab', Description: 'one' },
  ]);
  expect(find({ Key: 'name', Values: ['a'] }, { Key: 'description', Values: ['two'] })).toEqual(['a']);
  expect(find({ Key: 'description', Values: ['one'] }, { Key: 'description', Values: ['two'] })).toEqual(['a']);
  expect(find({ Key: 'description', Values: ['one', 'two'] })).toEqual(['a', 'ab']);
});
