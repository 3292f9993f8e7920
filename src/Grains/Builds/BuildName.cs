using System.Globalization;
using Kappa.Grains.Instances;
using Orleans.Runtime;

namespace Kappa.Grains.Builds;

/// <summary>
/// One build of a view's version, as in <c>customer-spend-v2-0003</c>: the id that clients see, and the namespace of its streams. Numbers are
/// per view and never reused.
/// </summary>
[GenerateSerializer, Immutable]
public readonly record struct BuildName([property: Id(0)] string View, [property: Id(1)] int Version, [property: Id(2)] int Number)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{View}-v{Version}-{Number:0000}");

    /// <summary>Reads what <see cref="ToString"/> wrote; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out BuildName name)
    {
        name = default;
        var dash = text.LastIndexOf('-');
        var version = dash < 0 ? -1 : text[..dash].LastIndexOf("-v", StringComparison.Ordinal);
        if (version <= 0 || !int.TryParse(text[(version + 2)..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var v)
            || !int.TryParse(text[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;
        name = new BuildName(text[..version].ToString(), v, number);
        return true;
    }

    /// <exception cref="FormatException">It is no build's name.</exception>
    public static BuildName Parse(ReadOnlySpan<char> text) => TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is not the name of a build.");

    /// <summary>The type of the grains that hold its instances.</summary>
    public GrainType GrainType => ViewGrainAttribute.TypeOf(View, Version);

    /// <summary>The grain that holds one of its instances.</summary>
    public GrainId InstanceOf(string key) => Grain(KeyText.Encode(key));

    /// <summary>Under what name storage has that grain's documents: its own, unless that were too long.</summary>
    public GrainId DocumentsOf(string key) => Grain(KeyText.NameOf(key));

    private GrainId Grain(string name) => GrainId.Create(GrainType, string.Create(CultureInfo.InvariantCulture, $"{Number:0000}.{name}"));
}
