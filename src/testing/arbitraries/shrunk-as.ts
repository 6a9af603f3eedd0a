import { Arbitrary, type Random, Value } from 'fast-check';

/**
 * Generates values by `source` and shrinks them by `shape`. A value may depend on values drawn before it, and a hand-written example
 * shrinks in the same way as a generated one.
 */
export function shrunkAs<T>(
  source: Pick<Arbitrary<T>, 'generate'>,
  shape: Pick<Arbitrary<T>, 'canShrinkWithoutContext' | 'shrink'>,
): Arbitrary<T> {
  return new (class extends Arbitrary<T> {
    override generate(random: Random, bias: number | undefined) {
      return new Value(source.generate(random, bias).value, undefined);
    }
    override canShrinkWithoutContext(value: unknown): value is T {
      return shape.canShrinkWithoutContext(value);
    }
    override shrink(value: T, context: unknown) {
      return shape.shrink(value, context);
    }
  })();
}
