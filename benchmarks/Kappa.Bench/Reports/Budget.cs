using System.Text.Json;

namespace Kappa.Bench.Reports;

/// <summary>
/// What a measure must reach (the floor) and where it is headed (the aim). Where it is <paramref name="OrTimes"/> another measure, the
/// floor is that multiple of the other's value in the same run, if that is easier to reach.
/// </summary>
internal sealed record Budget(string Measure, double? Floor = null, double? Aim = null, bool LowerIsBetter = false, Multiple? OrTimes = null)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    public static Dictionary<string, Budget> Read(string file) =>
        JsonSerializer.Deserialize<Dictionary<string, Budget>>(File.ReadAllText(file), _json)
        ?? throw new InvalidDataException($"{file} is empty.");

    /// <summary>The budget with its floor worked out from the values of a run.</summary>
    public Budget In(IReadOnlyDictionary<string, double> values) =>
        OrTimes is { } multiple && values.TryGetValue(multiple.Of, out var other) && Floor is { } floor
            ? this with { Floor = LowerIsBetter ? Math.Max(floor, multiple.Times * other) : Math.Min(floor, multiple.Times * other) }
            : this;

    public bool MissesFloor(double value) => Floor is { } floor && (LowerIsBetter ? value > floor : value < floor);

    public string Verdict(double value) =>
        MissesFloor(value) ? "MISSED"
        : Aim is { } aim && (LowerIsBetter ? value <= aim : value >= aim) ? "aim reached"
        : "ok";
}
