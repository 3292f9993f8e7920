using System.Text.Json.Serialization;

namespace Kappa.Bench.Reports;

/// <summary>One line of the report: the median of the rounds, as a ratio to the fold limit where it is a rate.</summary>
internal sealed record Row(string Name, double Value, string Unit, double? Ratio, double[] Rounds, Budget? Budget)
{
    public string Verdict => Budget?.Verdict(Judged) ?? "";

    [JsonIgnore]
    public bool MissesFloor => Budget?.MissesFloor(Judged) ?? false;

    private double Judged => Ratio ?? Value;

    public static IEnumerable<Row> From(IEnumerable<Sample> samples, double foldLimit, Dictionary<string, Budget> budgets) =>
        from sample in samples
        group sample by (sample.Name, sample.Unit) into rounds
        let values = rounds.Select(round => round.Value).ToArray()
        let median = Median(values)
        select new Row(rounds.Key.Name, median, rounds.Key.Unit,
            rounds.Key.Unit == Sample.EventsPerSecond ? median / foldLimit : null, values, budgets.GetValueOrDefault(rounds.Key.Name));

    public static double Median(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
