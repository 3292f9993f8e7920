using System.Globalization;

namespace Kappa.Bench;

/// <summary>What to measure, how often, and where results go.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        ./bench [options]     Measures this checkout against the fold limit of this machine (about 5 minutes).
        ./bench --grains      Measures the Orleans engine instead; it has options of its own (--help).

          --quick             200,000 events and one round instead of 1,000,000 and three: a first look, no verdict
          --only name,...     some measures only: append, live, fold, capture, time-travel, rebuild, http, sse, rebuild-sse (the fold limit is always measured)
          --events n          how many events
          --rounds n          how often each measure runs; the median counts
          --json file         where the results go (by default benchmarks/results/<time>.json)
          --data folder       where logs and views are written while measuring (by default benchmarks/results/data)
          --check             exit code 1 if a floor of benchmarks/budgets.json is missed
        """;

    /// <summary>Where the workload is kept between runs.</summary>
    public static string Cache => Path.Combine(Checkout.Results, "cache");

    public int Events { get; init; } = 1_000_000;
    public int Rounds { get; init; } = 3;
    public bool Quick { get; init; }
    public bool Check { get; init; }
    public string[] Only { get; init; } = [];
    public required string Json { get; init; }
    public required string Data { get; init; }

    /// <summary>Null, with the reason, if the arguments are none of ours.</summary>
    public static BenchOptions? Parse(string[] args, out string problem)
    {
        var options = new BenchOptions
        {
            Json = Path.Combine(Checkout.Results, $"{DateTime.UtcNow:yyyyMMdd-HHmmss}.json"),
            Data = Path.Combine(Checkout.Results, "data"),
        };
        problem = "";
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            switch (args[i])
            {
                case "--quick":
                    options = options with { Quick = true, Events = 200_000, Rounds = 1 };
                    continue;
                case "--check":
                    options = options with { Check = true };
                    continue;
                case "--only" when value.Length > 0:
                    options = options with { Only = value.Split(',', StringSplitOptions.RemoveEmptyEntries) };
                    break;
                case "--events" when Number(value, 10_000, 10_000_000) is { } events:
                    options = options with { Events = events };
                    break;
                case "--rounds" when Number(value, 1, 100) is { } rounds:
                    options = options with { Rounds = rounds };
                    break;
                case "--json" when value.Length > 0:
                    options = options with { Json = Path.GetFullPath(value) };
                    break;
                case "--data" when value.Length > 0:
                    options = options with { Data = Path.GetFullPath(value) };
                    break;
                default:
                    problem = $"'{args[i]}' is no option, or its value is missing or out of range.";
                    return null;
            }
            i++;
        }
        return options;
    }

    private static int? Number(string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number : null;
}
