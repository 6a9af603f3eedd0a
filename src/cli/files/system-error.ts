/** An error of the system or of Node. */
export type SystemError = Error & {
  readonly code: string;
  readonly syscall?: string;
  readonly path?: string;
  readonly port?: number;
  readonly address?: string;
  readonly hostname?: string;
};

/** Whether an error comes from the system. A bug in secret-stages can have a code, too. */
export function isSystemError(error: unknown): error is SystemError {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return false;
  return 'syscall' in error || error.code in fileTexts || error.code.startsWith('SQLITE');
}

/**
 * Explains a system error: the file or port, what is wrong, and what to do. `file` is the path that the user typed. The message of any
 * other error with a code, such as one of `parseArgs`, is returned unchanged.
 */
export function systemErrorText(error: SystemError, file: string = error.path ?? 'The file'): string {
  const { code, port, address, syscall, message } = error;
  const text = address === undefined ? fileTexts[code]?.(file || 'An empty path') : portTexts[code]?.(address, port);
  if (text !== undefined) return text;
  if (error.hostname !== undefined)
    return `${error.hostname} is an unknown host. Pass a --host of this machine, such as 127.0.0.1.`;
  if (syscall === undefined) return message;
  const [, reason = 'unknown reason'] = /[A-Z]: ([^,]+)/.exec(message) ?? [];
  return `${address ?? file} cannot be used: ${reason} (${code}).`;
}

const tooLarge = (file: string) => `${file} is too large. Pass a smaller file.`;

const fileTexts: Readonly<Record<string, (file: string) => string>> = {
  ENOENT: (file) => `${file} does not exist. Check the path.`,
  EISDIR: (file) => `${file} is a folder. Pass a file.`,
  ENOTDIR: (file) => `${file} does not exist, because a part of the path is a file, not a folder. Check the path.`,
  EEXIST: (file) => `${file} is not a folder. Pass another path.`,
  EACCES: (file) =>
    `${file} cannot be accessed, because you do not have permission. Change its permissions or those of its folder.`,
  EPERM: (file) => `${file} is protected by the system. Change its permissions, or pass another path.`,
  EROFS: (file) => `${file} is on a read-only file system. Pass a path on another file system.`,
  ENOSPC: (file) => `${file} does not fit on its disk. Free some space, or pass a path on another disk.`,
  EMFILE: (file) =>
    `${file} cannot be opened, because this process has too many open files. Raise the limit with ulimit -n.`,
  ENFILE: (file) => `${file} cannot be opened, because this machine has too many open files. Close other programs.`,
  ELOOP: (file) => `${file} is a symbolic link that points to itself. Pass the path of a file.`,
  ENAMETOOLONG: (file) => `${file} is too long for a path. Pass a shorter path.`,
  ERR_STRING_TOO_LONG: tooLarge,
  ERR_FS_FILE_TOO_LARGE: tooLarge,
};

const portTexts: Readonly<Record<string, (address: string, port: number | undefined) => string>> = {
  EADDRINUSE: (address, port) =>
    `Port ${port} of ${address} is in use. Pass another --port, or --port 0 for any free one.`,
  EADDRNOTAVAIL: (address) => `${address} is not an address of this machine. Pass another --host, such as 127.0.0.1.`,
  EACCES: (_, port) => `You do not have permission to use port ${port}. Pass a --port of 1024 or higher.`,
};
