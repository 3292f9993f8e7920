using Kappa.Log;

namespace Kappa.Backups;

/// <summary>
/// Copies the directory of a log that somebody may be writing to. Segments only grow at their end, so the copy of each
/// partition is a prefix of it. Where segments are retired meanwhile, it starts again: the record of what was retired and
/// the segments must be of one moment.
/// </summary>
internal sealed class LogCopy(IDisk source, string from, IDisk disk, string to)
{
    private const int Tries = 10;

    // Of the running process alone: a lock, and the mark of a clean end, which would lie about a copy made before it.
    private static readonly string[] _notCopied = ["log.lock", "closed.json"];

    public void Run(CancellationToken cancellationToken)
    {
        for (var tries = 1; !TryCopy(cancellationToken); tries++)
        {
            disk.DeleteDirectory(to);
            if (tries == Tries)
                throw new BackupException($"Segments of {from} are retired faster than they can be copied. Try again, or lengthen Kappa:Log:Retention.");
        }
    }

    private bool TryCopy(CancellationToken cancellationToken)
    {
        FileCopy.MakeDirectory(disk, to);
        foreach (var name in source.Files(from).Where(name => !_notCopied.Contains(name)))
            FileCopy.Into(source, Path.Combine(from, name), disk, to, cancellationToken);
        var starts = RetiredStarts.Read(disk, to);
        for (var partition = 0; source.Files(LogLayout.PartitionDirectory(from, partition)).Count > 0; partition++)
            if (!TryCopy(partition, starts.GetValueOrDefault(partition)?.First ?? 0, cancellationToken))
                return false;
        return true;
    }

    /// <summary>Copies a partition's segments in order; false if one of them was retired meanwhile.</summary>
    private bool TryCopy(int partition, long first, CancellationToken cancellationToken)
    {
        var (directory, copy) = (LogLayout.PartitionDirectory(from, partition), LogLayout.PartitionDirectory(to, partition));
        var bases = Segment.Bases(source, directory).Where(found => found >= first).ToArray();
        if (bases.Length == 0 || bases[0] != first)
            return false;
        FileCopy.MakeDirectory(disk, copy);
        try
        {
            foreach (var found in bases)
                FileCopy.Into(source, Path.Combine(directory, Segment.NameOf(found)), disk, copy, cancellationToken);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
