using Orleans;

namespace Kappa.Grains.Builds;

/// <summary>All builds of a view and the pointer to the one that serves: one document, so that a promotion is one write.</summary>
[GenerateSerializer]
public sealed class BuildsDocument
{
    [Id(0)]
    public List<BuildEntry> Builds { get; set; } = [];

    /// <summary>The number of the build that serves; 0 before the first.</summary>
    [Id(1)]
    public int Serving { get; set; }

    /// <summary>The number of the build that served before and is kept; 0 if there is none.</summary>
    [Id(2)]
    public int Previous { get; set; }

    /// <summary>The highest number and version ever used.</summary>
    [Id(3)]
    public int LastNumber { get; set; }

    [Id(4)]
    public int LastVersion { get; set; }

    /// <summary>Builds that were discarded and whose documents are being deleted.</summary>
    [Id(5)]
    public List<BuildLeaving> Leaving { get; set; } = [];

    public BuildsDocument Copy() => new()
    {
        Builds = [.. Builds], Serving = Serving, Previous = Previous, LastNumber = LastNumber, LastVersion = LastVersion, Leaving = [.. Leaving],
    };
}
