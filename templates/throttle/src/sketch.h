/* How often something happened in the present window: count-min sketches in the store. */
#ifndef SKETCH_H
#define SKETCH_H

#include <stdint.h>

/* Counts end here, which bounds what a flood writes. */
#define SKETCH_MAX 4096

/*
 * Counts one more `item` in the sketch of that name and returns the estimate, at most SKETCH_MAX: never too
 * low before that. The first call of a window clears what the window before the last one left, in some 500
 * store operations.
 */
int sketch_count(const char *sketch, const char *item, int64_t window);

#endif
