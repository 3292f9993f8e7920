using System.Text.Json;

namespace Kappa.Bench.Reports;

/// <summary>What a measure must reach (the floor) and where it is headed (the aim).</summary>
internal sealed record Budget(string Measure, double? Floor = null, double? Aim = null, bool LowerIsBetter = false)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    public static Dictionary<string, Budget> Read(string file) =>
        JsonSerializer.Deserialize<Dictionary<string, Budget>>(File.ReadAllText(file), _json)
        ?? throw new InvalidDataException($"{file} is empty.");

    public bool MissesFloor(double value) => Floor is { } floor && (LowerIsBetter ? value > floor : value < floor);

    public string Verdict(double value) =>
        MissesFloor(value) ? "MISSED"
        : Aim is { } aim && (LowerIsBetter ? value <= aim : value >= aim) ? "aim reached"
        : "ok";
}
