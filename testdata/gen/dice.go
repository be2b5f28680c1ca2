package gen

import "math/rand/v2"

// dice decides what a visit looks like. It uses nothing of rand.Rand: the values
// of PCG are specified, while the methods built on them may change with Go.
type dice struct{ pcg *rand.PCG }

// roll returns the dice of item n of one kind under a seed.
func roll(seed, kind uint64, n int) dice {
	return dice{rand.NewPCG(mix(seed^kind), mix(uint64(n)))}
}

// mix is the finaliser of SplitMix64: neighbouring numbers get unrelated dice.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// below returns a number in [0, n).
func (d dice) below(n int) int { return int(d.pcg.Uint64() % uint64(n)) }

// between returns a number in [low, high].
func (d dice) between(low, high int) int { return low + d.below(high-low+1) }

// in reports true in so many of a hundred cases.
func (d dice) in(percent int) bool { return d.below(100) < percent }

// pick returns one of the choices.
func pick[T any](d dice, choices []T) T { return choices[d.below(len(choices))] }

// several returns n different choices in random order, or all if there are fewer.
func several[T any](d dice, choices []T, n int) []T {
	rest := append([]T(nil), choices...)
	n = min(n, len(rest))
	for i := range n {
		j := d.between(i, len(rest)-1)
		rest[i], rest[j] = rest[j], rest[i]
	}
	return rest[:n]
}
