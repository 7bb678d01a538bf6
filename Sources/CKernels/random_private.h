/// Private to what draws random words.
#pragma once
#include "kernels_private.h"

/// Where in Philox's counter a block of four draws lies: its number's lower half is a word of its own, and the 24 bits above
/// share one with the purpose, so that no two of 2^58 draws of any two streams have the same place.
INLINED uint32_t purpose_word(uint32_t purpose, uint64_t block) { return purpose | (uint32_t)(block >> 32) << 8; }
