package communes

import "strconv"

// Province reads a province's code of two digits, or three as in personal identification numbers, and gives its
// number: of one of the 34, or of the 63 that were before. What is neither is 0.
func Province(s string) int {
	if len(s) != 2 && len(s) != 3 {
		return 0
	}
	n, err := strconv.ParseUint(s, 10, 8)
	if err != nil || Merged(int(n)) == 0 {
		return 0
	}
	return int(n)
}

// Merged is the province, of the 34, that a province of before Since has become a part of: itself where it still is
// (NQ 202/2025/QH15). 0 for a number that never was a province's.
func Merged(province int) int {
	switch province {
	case 1, 4, 11, 12, 14, 20, 22, 38, 40, 42, 46: // as they were
		return province
	case 8, 2:
		return 8
	case 15, 10:
		return 15
	case 19, 6:
		return 19
	case 24, 27:
		return 24
	case 25, 17, 26:
		return 25
	case 31, 30:
		return 31
	case 33, 34:
		return 33
	case 37, 35, 36:
		return 37
	case 44, 45:
		return 44
	case 48, 49:
		return 48
	case 51, 62:
		return 51
	case 52, 64:
		return 52
	case 56, 58:
		return 56
	case 66, 54:
		return 66
	case 68, 60, 67:
		return 68
	case 75, 70:
		return 75
	case 79, 74, 77:
		return 79
	case 80, 72:
		return 80
	case 82, 87:
		return 82
	case 86, 83, 84:
		return 86
	case 91, 89:
		return 91
	case 92, 93, 94:
		return 92
	case 96, 95:
		return 96
	default:
		return 0
	}
}
