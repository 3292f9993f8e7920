using System.Text.Json.Serialization;

namespace Kappa.Bench.Reports;

/// <summary>One line of the report: the median of the rounds, as a ratio to the fold limit where it is a rate.</summary>
internal sealed record Row(string Name, double Value, string Unit, double? Ratio, double[] Rounds, Budget? Budget)
{
    public string Verdict => Budget?.Verdict(Judged) ?? "";

    [JsonIgnore]
    public bool MissesFloor => Budget?.MissesFloor(Judged) ?? false;

    private double Judged => Ratio ?? Value;

    public static IEnumerable<Row> From(IEnumerable<Sample> samples, double foldLimit, Dictionary<string, Budget> budgets)
    {
        var measured = samples.GroupBy(sample => (sample.Name, sample.Unit)).Select(rounds => (rounds.Key, Values: rounds.Select(round => round.Value).ToArray())).ToList();
        var medians = measured.ToDictionary(one => one.Key.Name, one => Median(one.Values));
        return from one in measured
               let median = medians[one.Key.Name]
               select new Row(one.Key.Name, median, one.Key.Unit, one.Key.Unit == Sample.EventsPerSecond ? median / foldLimit : null, one.Values,
                   budgets.GetValueOrDefault(one.Key.Name)?.In(medians));
    }

    public static double Median(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
