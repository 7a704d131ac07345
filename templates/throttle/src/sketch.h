/* How often a client asked in the present window: a count-min sketch in the store. */
#ifndef SKETCH_H
#define SKETCH_H

#include <stdint.h>

/* Counts one more and returns the estimate, at most SKETCH_MAX: never too low before that. */
int sketch_count(const char *client, int64_t window);

/* Counts end here, which bounds what a flood writes. */
#define SKETCH_MAX 4096

#endif
