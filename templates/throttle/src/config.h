/* What to set before deploying. */
#ifndef CONFIG_H
#define CONFIG_H

/* Origin that requests are forwarded to, without a trailing slash. */
#define UPSTREAM "http://upstream.example"

/* Requests of one client in a window before it has to solve puzzles, and per puzzle. */
#define FREE_REQUESTS 20
#define WINDOW_SECONDS 60

/* Leading zero bits of the first puzzle, and of the hardest. A bit more doubles the work. */
#define EASIEST_BITS 10
#define HARDEST_BITS 18

#endif
