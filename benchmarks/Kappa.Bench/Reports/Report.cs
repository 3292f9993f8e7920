using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Kappa.Bench.Reports;

/// <summary>Everything that one run found out.</summary>
internal sealed record Report(DateTime Time, int Events, int Rounds, double FoldLimit, double FoldLimitBefore, double FoldLimitAfter, Row[] Rows)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string Machine { get; } =
        $"{Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    public void Print(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{Machine}");
        output.WriteLine($"{Number(Events)} events, median of {Rounds}; fold limit {Number(FoldLimit)} events/s "
            + $"({Number(FoldLimitBefore)} before, {Number(FoldLimitAfter)} after, drift {FoldLimitAfter / FoldLimitBefore - 1:+0%;-0%;0%})");
        output.WriteLine();
        Line(output, "measure", "value", "unit", "ratio", "floor", "aim", "verdict");
        Line(output, "-------", "-----", "----", "-----", "-----", "---", "-------");
        foreach (var row in Rows)
            Line(output, row.Name, Number(row.Value), row.Unit, row.Ratio is { } ratio ? ratio.ToString("0.000", CultureInfo.InvariantCulture) : "",
                Bound(row.Budget?.Floor), Bound(row.Budget?.Aim), row.Verdict);
        output.WriteLine();
        var missed = Rows.Where(row => row.MissesFloor).Select(row => row.Name).ToArray();
        output.WriteLine(missed.Length == 0 ? "No floor is missed." : $"Below the floor: {string.Join(", ", missed)}.");
    }

    public void Write(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, JsonSerializer.Serialize(this, _json));
    }

    private static void Line(TextWriter output, params string[] cells) =>
        output.WriteLine($"{cells[0],-16}{cells[1],12}  {cells[2],-12}{cells[3],7}{cells[4],8}{cells[5],7}  {cells[6]}");

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) >= 100 ? "#,0" : "0.00", CultureInfo.InvariantCulture);

    private static string Bound(double? value) => value?.ToString("0.##", CultureInfo.InvariantCulture) ?? "";
}
