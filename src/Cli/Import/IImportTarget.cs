namespace Kappa.Cli.Import;

/// <summary>A log that events are imported into.</summary>
internal interface IImportTarget : IAsyncDisposable
{
    /// <summary>For people: the address or the directory.</summary>
    string Name { get; }

    /// <summary>Names the log itself as well as it can be known, and how many events it holds.</summary>
    Task<TargetLog> LookAsync(CancellationToken cancellationToken);

    /// <summary>Appends in order. Safe to call from several callers at once; safe to repeat after a failure.</summary>
    Task<Appended> AppendAsync(IReadOnlyList<ImportedEvent> events, CancellationToken cancellationToken);
}
