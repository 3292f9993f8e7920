using System.Text.Json.Serialization;

namespace Kappa.Engine.Builds;

/// <summary>
/// What a build's <c>build.json</c> says: of which log and view it is, in how many shards, its generation, the lookups and
/// ranks its records hold values for, and whether it was told to wait.
/// </summary>
internal sealed record BuildInfo(
    int Format, string View, int Version, long LogId, int Shards, long Generation, string Boot, string[] Lookups, string[] Prefixes, string[] Ranks, bool Paused)
{
    public const int FormatNow = 2;
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BuildInfo))]
internal sealed partial class BuildJson : JsonSerializerContext;
