namespace Kappa.Cli.Import;

/// <summary>What a checkpoint remembers.</summary>
internal sealed record CheckpointState
{
    /// <summary>Which log; see <see cref="TargetLog.Id"/>.</summary>
    public required string Log { get; init; }

    public required string Format { get; init; }

    /// <summary>SHA-256 of the file.</summary>
    public required string Digest { get; init; }

    /// <summary>How many of the file's events, from its start, are in the log.</summary>
    public long Events { get; init; }

    public bool IsDone { get; init; }

    /// <summary>At least how many events the log holds, of whatever origin.</summary>
    public long LogEvents { get; init; }
}
