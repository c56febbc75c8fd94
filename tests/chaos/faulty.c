/* Laid before the C library (LD_PRELOAD): counts the file operations below one folder, and lets
 * the chosen one fail, or kills the process there. Everything else goes through untouched, so
 * what is tried is the real program with its real libraries, SQLite's own calls included.
 *
 * Nothing happens before faulty_arm() is called.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { FAIL_ONCE, FAIL_FROM, FAIL_SPACE_FROM, KILL, HOLD_UP, CLOCK, SLOW };
enum { FDS = 4096 };

static char root[PATH_MAX];
static size_t root_length;
static long chosen, counted;
static int fault, how, trace = -1;
static char watched[FDS];

/* Watch the folder from now on. The operation number `at` (from 1; 0: none) fails with `number`,
 * or the process is killed there; or every renaming from there on is held up for `number`
 * microseconds; or the clock is wrong by `number` seconds; or every operation takes `number`
 * microseconds more. With a `log` file, every operation is written down in it. */
void faulty_arm(const char *folder, long at, int number, int mode, const char *log) {
    snprintf(root, sizeof root, "%s", folder);
    root_length = strlen(root);
    chosen = at;
    counted = 0;
    fault = number;
    how = mode;
    memset(watched, 0, sizeof watched);
    trace = log && *log ? (int)syscall(SYS_open, log, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
}

static int below(const char *path) {
    char here[PATH_MAX];
    if (!root_length || !path) return 0;
    if (*path != '/') {
        if (syscall(SYS_getcwd, here, sizeof here) <= 0) return 0;
        path = here;
    }
    return !strncmp(path, root, root_length) && (!path[root_length] || path[root_length] == '/');
}

static int is_watched(int fd) { return fd >= 0 && fd < FDS && watched[fd]; }
static int at_below(int fd, const char *path) {
    return path && *path != '/' && fd != AT_FDCWD ? is_watched(fd) : below(path);
}
static void watch(int fd, int yes) { if (fd >= 0 && fd < FDS) watched[fd] = (char)yes; }

/* Count an operation; true when it shall fail now, with errno set. `space` says that it needs room
 * on the disk. */
static int fails(const char *name, const char *path, int space) {
    char line[PATH_MAX + 64];
    long number = __sync_add_and_fetch(&counted, 1);
    if (trace >= 0) {
        int size = snprintf(line, sizeof line, "%ld\t%s\t%s\n", number, name, path ? path : "");
        syscall(SYS_write, trace, line, (size_t)size);
    }
    if (!chosen || number < chosen) return 0;
    if (how == KILL) kill(getpid(), SIGKILL);
    if (how == HOLD_UP) {
        if (!strcmp(name, "rename")) usleep((useconds_t)fault);
        return 0;
    }
    if (how == SLOW) {
        usleep((useconds_t)fault);
        return 0;
    }
    if (how == FAIL_ONCE && number != chosen) return 0;
    if (how == FAIL_SPACE_FROM && !space) return 0;
    errno = fault;
    return 1;
}

static int kills_next(void) { return how == KILL && chosen && counted + 1 == chosen; }

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

/* One path, an int comes back. */
#define PATH_CALL(name, parameters, arguments, where, space) \
    int name parameters { \
        static int (*real) parameters; \
        if (!real) real = (int (*) parameters)dlsym(RTLD_NEXT, #name); \
        if ((where) && fails(#name, path, space)) return -1; \
        return real arguments; \
    }

struct statx;
PATH_CALL(stat64, (const char *path, struct stat64 *s), (path, s), below(path), 0)
PATH_CALL(lstat64, (const char *path, struct stat64 *s), (path, s), below(path), 0)
PATH_CALL(fstatat64, (int fd, const char *path, struct stat64 *s, int flags), (fd, path, s, flags), at_below(fd, path), 0)
PATH_CALL(statx, (int fd, const char *path, int flags, unsigned mask, struct statx *s), (fd, path, flags, mask, s), at_below(fd, path), 0)
PATH_CALL(access, (const char *path, int mode), (path, mode), below(path), 0)
PATH_CALL(faccessat, (int fd, const char *path, int mode, int flags), (fd, path, mode, flags), at_below(fd, path), 0)
PATH_CALL(unlink, (const char *path), (path), below(path), 0)
PATH_CALL(unlinkat, (int fd, const char *path, int flags), (fd, path, flags), at_below(fd, path), 0)
PATH_CALL(rmdir, (const char *path), (path), below(path), 0)
PATH_CALL(mkdir, (const char *path, mode_t mode), (path, mode), below(path), 1)
PATH_CALL(mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode), at_below(fd, path), 1)
PATH_CALL(chmod, (const char *path, mode_t mode), (path, mode), below(path), 0)
PATH_CALL(fchmodat, (int fd, const char *path, mode_t mode, int flags), (fd, path, mode, flags), at_below(fd, path), 0)
PATH_CALL(chown, (const char *path, uid_t u, gid_t g), (path, u, g), below(path), 0)
PATH_CALL(utimensat, (int fd, const char *path, const struct timespec t[2], int flags), (fd, path, t, flags), at_below(fd, path), 0)
PATH_CALL(rename, (const char *path, const char *to), (path, to), below(path) || below(to), 1)
PATH_CALL(renameat, (int fd, const char *path, int td, const char *to), (fd, path, td, to), at_below(fd, path), 1)
PATH_CALL(renameat2, (int fd, const char *path, int td, const char *to, unsigned flags), (fd, path, td, to, flags), at_below(fd, path), 1)
PATH_CALL(link, (const char *path, const char *to), (path, to), below(path), 1)
PATH_CALL(linkat, (int fd, const char *path, int td, const char *to, int flags), (fd, path, td, to, flags), at_below(fd, path), 1)

/* One descriptor, a number comes back. */
#define FD_CALL_TO(result, name, parameters, arguments, space) \
    result name parameters { \
        static result (*real) parameters; \
        if (!real) real = (result (*) parameters)dlsym(RTLD_NEXT, #name); \
        if (is_watched(fd) && fails(#name, NULL, space)) return -1; \
        return real arguments; \
    }

#define FD_CALL(...) FD_CALL_TO(int, __VA_ARGS__)

FD_CALL(fstat64, (int fd, struct stat64 *s), (fd, s), 0)
FD_CALL(fsync, (int fd), (fd), 1)
FD_CALL(fdatasync, (int fd), (fd), 1)
FD_CALL(ftruncate64, (int fd, off64_t size), (fd, size), 1)
FD_CALL(fchmod, (int fd, mode_t mode), (fd, mode), 0)
FD_CALL(fchown, (int fd, uid_t u, gid_t g), (fd, u, g), 0)
FD_CALL_TO(ssize_t, flistxattr, (int fd, char *names, size_t size), (fd, names, size), 0)
FD_CALL_TO(ssize_t, fgetxattr, (int fd, const char *name, void *value, size_t size), (fd, name, value, size), 0)
FD_CALL(fsetxattr, (int fd, const char *name, const void *value, size_t size, int flags), (fd, name, value, size, flags), 1)
FD_CALL(futimens, (int fd, const struct timespec t[2]), (fd, t), 0)
FD_CALL(flock, (int fd, int operation), (fd, operation), 0)

int close(int fd) {
    REAL(int, close, int);
    int failing = is_watched(fd) && fails("close", NULL, 1), number = errno;
    watch(fd, 0);
    int result = real(fd);
    if (!failing) return result;
    errno = number;
    return -1;
}

int fcntl64(int fd, int command, ...) {
    REAL(int, fcntl64, int, int, ...);
    va_list list;
    va_start(list, command);
    void *argument = va_arg(list, void *);
    va_end(list);
    int locks = command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK;
    if (locks && is_watched(fd) && fails("lock", NULL, 0)) return -1;
    return real(fd, command, argument);
}

ssize_t read(int fd, void *to, size_t size) {
    REAL(ssize_t, read, int, void *, size_t);
    if (is_watched(fd) && fails("read", NULL, 0)) return -1;
    return real(fd, to, size);
}

ssize_t pread64(int fd, void *to, size_t size, off64_t at) {
    REAL(ssize_t, pread64, int, void *, size_t, off64_t);
    if (is_watched(fd) && fails("read", NULL, 0)) return -1;
    return real(fd, to, size, at);
}

/* Who is killed while writing has written half of it. */
ssize_t write(int fd, const void *from, size_t size) {
    REAL(ssize_t, write, int, const void *, size_t);
    if (!is_watched(fd)) return real(fd, from, size);
    if (kills_next()) (void)!real(fd, from, size / 2);
    return fails("write", NULL, 1) ? -1 : real(fd, from, size);
}

ssize_t pwrite64(int fd, const void *from, size_t size, off64_t at) {
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    if (!is_watched(fd)) return real(fd, from, size, at);
    if (kills_next()) (void)!real(fd, from, size / 2, at);
    return fails("write", NULL, 1) ? -1 : real(fd, from, size, at);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    REAL(int, clock_gettime, clockid_t, struct timespec *);
    int result = real(clock, now);
    if (!result && how == CLOCK && clock == CLOCK_REALTIME) now->tv_sec += fault;
    return result;
}

#define OPEN_CALL(name, parameters, last, arguments, where) \
    int name parameters { \
        static int (*real) parameters; \
        va_list list; \
        va_start(list, last); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0; \
        va_end(list); \
        if (!real) real = (int (*) parameters)dlsym(RTLD_NEXT, #name); \
        int ours = where; \
        int makes = flags & O_CREAT; \
        if (ours && fails(makes ? "open, to make" : "open", path, makes)) return -1; \
        int fd = real arguments; \
        watch(fd, ours); \
        return fd; \
    }

OPEN_CALL(open64, (const char *path, int flags, ...), flags, (path, flags, mode), below(path))
OPEN_CALL(openat64, (int at, const char *path, int flags, ...), flags, (at, path, flags, mode), at_below(at, path))

DIR *opendir(const char *path) {
    REAL(DIR *, opendir, const char *);
    if (!below(path)) return real(path);
    if (fails("opendir", path, 0)) return NULL;
    DIR *folder = real(path);
    if (folder) watch(dirfd(folder), 1);
    return folder;
}

struct dirent64 *readdir64(DIR *folder) {
    REAL(struct dirent64 *, readdir64, DIR *);
    if (is_watched(dirfd(folder)) && fails("readdir", NULL, 0)) return NULL;
    return real(folder);
}

int closedir(DIR *folder) {
    REAL(int, closedir, DIR *);
    watch(dirfd(folder), 0);
    return real(folder);
}

ssize_t readlink(const char *path, char *to, size_t size) {
    REAL(ssize_t, readlink, const char *, char *, size_t);
    if (below(path) && fails("readlink", path, 0)) return -1;
    return real(path, to, size);
}
