using System.Globalization;
using Kappa.Bench;

namespace Kappa.GrainsBench;

/// <summary>What to measure, how often, and where results go.</summary>
internal sealed record GrainsBenchOptions
{
    public const string Usage = """
        ./bench --grains [options]     Measures one silo beside the embedded engine and beside bare Orleans streams (about 4 minutes).

          --only name,...     some measures only: embedded, bare, streams, audit, live, bulk, watch
          --events n          how many events (by default 200,000)
          --rounds n          how often each measure runs; the median counts (by default 3)
          --seconds n         how long the watch's latency is measured (by default 10)
          --json file         where the results go (by default benchmarks/results/grains-<time>.json)
          --data folder       where logs and documents are written while measuring (by default benchmarks/results/data)
        """;

    /// <summary>Where the workload is kept between runs.</summary>
    public static string Cache => Path.Combine(Checkout.Results, "cache");

    public int Events { get; init; } = 200_000;
    public int Rounds { get; init; } = 3;
    public int Seconds { get; init; } = 10;
    public string[] Only { get; init; } = [];
    public required string Json { get; init; }
    public required string Data { get; init; }

    public bool Wants(string measure) => Only.Length == 0 || Only.Contains(measure);

    /// <summary>Null, with the reason, if the arguments are none of ours.</summary>
    public static GrainsBenchOptions? Parse(string[] args, out string problem)
    {
        var options = new GrainsBenchOptions
        {
            Json = Path.Combine(Checkout.Results, $"grains-{DateTime.UtcNow:yyyyMMdd-HHmmss}.json"),
            Data = Path.Combine(Checkout.Results, "data"),
        };
        problem = "";
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            if ((args[i], value) switch
            {
                ("--only", { Length: > 0 }) => options with { Only = value.Split(',', StringSplitOptions.RemoveEmptyEntries) },
                ("--events", _) when Number(value, 10_000, 1_000_000) is { } events => options with { Events = events },
                ("--rounds", _) when Number(value, 1, 100) is { } rounds => options with { Rounds = rounds },
                ("--seconds", _) when Number(value, 1, 600) is { } seconds => options with { Seconds = seconds },
                ("--json", { Length: > 0 }) => options with { Json = Path.GetFullPath(value) },
                ("--data", { Length: > 0 }) => options with { Data = Path.GetFullPath(value) },
                _ => null,
            } is not { } taken)
            {
                problem = $"'{args[i]}' is no option, or its value is missing or out of range.";
                return null;
            }
            options = taken;
        }
        return options;
    }

    private static int? Number(string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number : null;
}
