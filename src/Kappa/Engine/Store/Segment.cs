using System.Globalization;
using Kappa.Log;

namespace Kappa.Engine.Store;

/// <summary>One state file. Readers hold it while they read, so that cleaning never closes it under them.</summary>
internal sealed class Segment(string directory, int number)
{
    private const string Prefix = "state-", Suffix = ".seg";

    private int _holders = 1;
    private bool _given;
    private long _length;

    public int Number => number;

    public string Path { get; } = System.IO.Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:D8}{Suffix}"));

    /// <summary>Null until the first commit goes into it.</summary>
    public IDiskFile? File { get; set; }

    /// <summary>The end of the last commit in it.</summary>
    public long Length { get => Volatile.Read(ref _length); set => Volatile.Write(ref _length, value); }

    /// <summary>Framed bytes of records that nothing has replaced; the writer's thread counts.</summary>
    public long LiveBytes { get; set; }

    public long LastCommit { get; set; }

    public uint LastCrc { get; set; }

    /// <summary>The commit that said that nothing in here is live any more; 0 while there may be something.</summary>
    public long RetiredBy { get; set; }

    public SealedSegment Sealed => new(number, Length, LastCommit, LastCrc);

    public bool TryHold()
    {
        for (var seen = Volatile.Read(ref _holders); seen > 0;)
        {
            var now = Interlocked.CompareExchange(ref _holders, seen + 1, seen);
            if (now == seen)
                return true;
            seen = now;
        }
        return false;
    }

    /// <summary>The last one out closes the file.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            File?.Dispose();
    }

    /// <summary>Gives up the store's own hold, the first time; true once no reader is left and the file is closed.</summary>
    public bool TryClose()
    {
        if (!_given)
            Release();
        _given = true;
        return Volatile.Read(ref _holders) == 0;
    }

    /// <summary>The numbers of the segment files in a directory, ascending.</summary>
    public static IEnumerable<int> NumbersIn(IDisk disk, string directory) =>
        disk.Files(directory)
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => int.TryParse(name.AsSpan(Prefix.Length..^Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0)
            .Where(n => n > 0)
            .Order();
}
