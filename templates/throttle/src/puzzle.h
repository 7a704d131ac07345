/* Puzzles that cost the client work and this program nothing: solutions are counted as clients are, and
 * forgotten with their window. */
#ifndef PUZZLE_H
#define PUZZLE_H

#include <stdint.h>

#define CHALLENGE_CHARS 32

/* The challenge for a client in a window, as hexadecimal digits. */
void puzzle_challenge(const char *client, int64_t window, char out[CHALLENGE_CHARS + 1]);

/* Zero bits that a solution needs after so many requests. */
int puzzle_bits(int requests);

/* True if `solution` ("challenge:nonce") solves the challenge and has not yet paid for all the requests that
 * it buys in the window. */
int puzzle_accepts(const char *challenge, int bits, const char *solution, int64_t window);

#endif
