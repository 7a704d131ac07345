/* Linked into every C program: what it prints reaches the log even if it never ends the line or flushes.
 *
 * A reactor has no exit that would flush, and libc buffers standard output wholly when it is no terminal.
 * Unbuffered, each printf is one write. The reference to stdout is weak, so that nothing here pulls stdio
 * into a program that does not print. */
#include <stdio.h>

#undef stdout
extern FILE *const stdout __attribute__((weak));

__attribute__((constructor)) static void write_through(void)
{
    if (&stdout != NULL) {
        setvbuf(stdout, NULL, _IONBF, 0);
    }
}
