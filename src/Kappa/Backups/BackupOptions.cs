namespace Kappa.Backups;

/// <summary>What goes into a backup besides the log.</summary>
public sealed class BackupOptions
{
    /// <summary>
    /// The views' stores too, so that nothing is folded again after a restore. Only while no host runs on the data: their
    /// files change in place.
    /// </summary>
    public bool WithViews { get; init; }

    /// <summary>Where the capture is kept, if not below the data directory.</summary>
    public string? CaptureDirectory { get; init; }

    /// <summary>Files with settings, such as <c>appsettings.json</c>; their names must differ.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}
