namespace Kappa.Log;

/// <summary>
/// All that the log and the view store ask of a disk. The seam exists so that tests can crash, tear, fill and flip at
/// every write. Paths are absolute. Every call may throw <see cref="IOException"/>; a full disk is a
/// <see cref="DiskFullException"/>. Calls block; callers that mind use threads of their own.
/// </summary>
public interface IDisk
{
    /// <summary>Opens a file for positional reads and writes; made if missing.</summary>
    IDiskFile Open(string path);

    bool Exists(string path);

    /// <summary>The names (not paths) of the files in a directory, in ordinal order; none if there is no such directory.</summary>
    IReadOnlyList<string> Files(string directory);

    /// <summary>The names (not paths) of the directories in a directory, in ordinal order.</summary>
    IReadOnlyList<string> Directories(string directory);

    /// <summary>Makes a directory and those above it; nothing if it is there.</summary>
    void CreateDirectory(string path);

    void Delete(string path);

    /// <summary>Deletes a directory with everything in it; nothing if it is not there.</summary>
    void DeleteDirectory(string path);

    /// <summary>Renames a file, replacing one of that name in one step: a crash leaves the old or the new, never neither.</summary>
    void Rename(string from, string to);

    /// <summary>Makes the creations, renames and deletions in a directory durable.</summary>
    void FlushDirectory(string directory);

    /// <summary>Takes a lock that at most one process (and one holder in it) can have; it ends with the process.</summary>
    /// <exception cref="IOException">Somebody else holds it.</exception>
    IDisposable Lock(string path);
}
