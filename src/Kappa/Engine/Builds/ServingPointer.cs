using System.Text.Json;
using System.Text.Json.Serialization;
using Kappa.Log;

namespace Kappa.Engine.Builds;

/// <summary>
/// Which build of a view serves, in <c>&lt;views&gt;/&lt;name&gt;/serving.json</c>: the one pointer that a promotion moves. Written whole or not
/// at all. Builds that are to be deleted stand in it too, so that a crash in between leaves none behind, and
/// the highest number that a build ever had.
/// </summary>
internal sealed record ServingPointer(string Serving, string? Previous, IReadOnlyList<string> Discarded, int Last)
{
    private const string FileName = "serving.json";

    /// <summary>Null if there is none yet, or none that can be read.</summary>
    public static ServingPointer? Read(IDisk disk, string directory) =>
        DerivedJson.Read(disk, Path.Combine(directory, FileName), ServingPointerJson.Default.ServingPointer);

    public void Write(IDisk disk, string directory) =>
        DerivedJson.Write(disk, Path.Combine(directory, FileName), this, ServingPointerJson.Default.ServingPointer);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ServingPointer))]
internal sealed partial class ServingPointerJson : JsonSerializerContext;
