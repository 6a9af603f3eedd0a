import { Arbitrary, type Random, Value } from 'fast-check';

/**
 * Values that are drawn in one way and shrunk in another, as if somebody had written them. So what is drawn may depend on
 * what was drawn before it, and a hand-written example shrinks exactly as a generated one does.
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
