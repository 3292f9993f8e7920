using System.Buffers;
using System.Security.Cryptography;
using Kappa.Log;

namespace Kappa.Backups;

/// <summary>Copies and digests files and trees of them.</summary>
internal static class FileCopy
{
    private const int BufferBytes = 1 << 20;
    private const string Unfinished = ".new";

    /// <summary>Copies a file as long as it is now, flushes it, and returns its digest. Its directory is not flushed.</summary>
    public static BackupFile Copy(IDisk source, string from, IDisk target, string to, string name, CancellationToken cancellationToken)
    {
        using var file = source.Open(from);
        using var copy = target.Open(to);
        var digest = Read(file, copy, name, cancellationToken);
        copy.Flush();
        return digest;
    }

    /// <summary>Copies a file into a directory that is there, durably; one that is not finished is left out.</summary>
    public static void Into(IDisk source, string from, IDisk target, string directory, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(from);
        if (name.EndsWith(Unfinished, StringComparison.Ordinal))
            return;
        var to = Path.Combine(directory, name);
        if (target.Exists(to))
            throw new BackupException($"Two files would be {to}; give settings different names.");
        Copy(source, from, target, to, name, cancellationToken);
        target.FlushDirectory(directory);
    }

    /// <summary>Copies a directory with everything below it.</summary>
    public static void Tree(IDisk source, string from, IDisk target, string to, CancellationToken cancellationToken)
    {
        MakeDirectory(target, to);
        foreach (var name in source.Files(from))
            Into(source, Path.Combine(from, name), target, to, cancellationToken);
        foreach (var name in source.Directories(from))
            Tree(source, Path.Combine(from, name), target, Path.Combine(to, name), cancellationToken);
    }

    public static BackupFile Digest(IDisk disk, string path, string name, CancellationToken cancellationToken)
    {
        using var file = disk.Open(path);
        return Read(file, null, name, cancellationToken);
    }

    /// <summary>The files below a directory, with their paths below it, with slashes.</summary>
    public static IEnumerable<string> Paths(IDisk disk, string directory, string below = "")
    {
        foreach (var name in disk.Files(directory))
            yield return below + name;
        foreach (var name in disk.Directories(directory))
            foreach (var path in Paths(disk, Path.Combine(directory, name), $"{below}{name}/"))
                yield return path;
    }

    /// <summary>Makes a directory; it and those above it are durable when this returns.</summary>
    public static void MakeDirectory(IDisk disk, string directory)
    {
        disk.CreateDirectory(directory);
        for (var made = directory; made is not null; made = Path.GetDirectoryName(made))
            disk.FlushDirectory(made);
    }

    private static BackupFile Read(IDiskFile file, IDiskFile? copy, string name, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var at = 0L;
            while (file.Read(at, buffer) is > 0 and var count)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var bytes = buffer.AsSpan(0, count);
                hash.AppendData(bytes);
                copy?.Write(at, bytes);
                at += count;
            }
            return new BackupFile(name, at, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
