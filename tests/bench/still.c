/* fsync held still: on a memory file system it takes nothing, and here exactly STILL_US microseconds, counted in the
   file STILL_COUNT. Loaded with LD_PRELOAD before a program that is measured (still.py). */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static volatile long *count;
static struct timespec delay;

__attribute__((constructor)) static void begin(void) {
  const char *us = getenv("STILL_US"), *path = getenv("STILL_COUNT");
  long n = us ? atol(us) : 0;
  delay.tv_sec = n / 1000000;
  delay.tv_nsec = n % 1000000 * 1000;
  int file = path ? open(path, O_RDWR | O_CREAT, 0600) : -1;
  if (file >= 0 && ftruncate(file, sizeof *count) == 0) {
    void *there = mmap(0, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (there != MAP_FAILED) count = there;
  }
  if (file >= 0) close(file);
}

static int still(void) {
  if (count) __sync_fetch_and_add(count, 1);
  if (delay.tv_sec || delay.tv_nsec) nanosleep(&delay, 0);
  return 0;
}

int fsync(int file) { (void)file; return still(); }
int fdatasync(int file) { (void)file; return still(); }
