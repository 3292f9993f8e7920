namespace Kappa.Capture;

/// <summary>A capture file of a log, as its catalogue knows it: what it holds is looked up when it is first needed.</summary>
internal sealed class CapturedFile(string path, long second)
{
    private CaptureIndex? _index;

    public string Path => path;

    /// <summary>The second that its path says.</summary>
    public long Second => second;

    /// <summary>The sequence of its first event, and the one behind its last; -1 as long as nobody has looked.</summary>
    public long First { get; private set; } = -1;
    public long Next { get; private set; } = -1;

    /// <summary>Its index, if it is at hand.</summary>
    public CaptureIndex? Index
    {
        get => Volatile.Read(ref _index);
        set
        {
            if (value is not null)
                (First, Next) = (value.First, value.Next);
            Volatile.Write(ref _index, value);
        }
    }
}
