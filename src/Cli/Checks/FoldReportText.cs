using Kappa.Views.Checks;

namespace Kappa.Cli.Checks;

/// <summary>A check's report for people.</summary>
internal static class FoldReportText
{
    private const int StateCharactersMax = 300;

    public static void Write(TextWriter writer, FoldCheckReport report)
    {
        var columns = new Columns("view", "version", "events", "instances", "applied", "digest", "problems");
        foreach (var view in report.Views)
            columns.Add(view.View, $"{view.Version}", $"{view.Events}", $"{view.Instances}", $"{view.Applied}", view.Digest[..16],
                view.Clean ? "none" : string.Join(", ", view.Counts.Select(count => $"{count.Value} {Word(count.Key)}")));
        columns.Write(writer);
        foreach (var view in report.Views)
            foreach (var problem in view.Problems)
                Write(writer, view, problem);
        writer.WriteLine($"\n{report.Cut.Count} events up to {report.Cut}, seed {report.Seed}: {(report.Clean ? "clean." : "NOT CLEAN.")}");
    }

    private static void Write(TextWriter writer, FoldCheckedView view, FoldProblem problem)
    {
        writer.WriteLine($"\n{view.View} v{view.Version}, {Word(problem.Kind)}"
            + $"{(problem.Key is null ? "" : $", key \"{problem.Key}\"")}{(problem.Position is { } position ? $", at {position}" : "")}: {problem.Reason}");
        if (problem.Case is not { } found)
            return;
        foreach (var one in found.Events)
            writer.WriteLine($"    {(one.Reload ? "stored and read back, then " : "")}{one.Position}  {one.Type}  {one.Id}  {Short(one.Data)}");
        if (problem.Kind is FoldProblemKind.NotRepeatable or FoldProblemKind.NotRestored or FoldProblemKind.OrderDependent)
        {
            writer.WriteLine($"  should give {Short(found.Expected)}");
            writer.WriteLine($"  but gives   {Short(found.Found)}");
        }
    }

    /// <summary><c>FoldThrows</c> as <c>fold-throws</c>: the same word for people and in JSON.</summary>
    public static string Word(FoldProblemKind kind) =>
        string.Concat($"{kind}".Select((one, i) => char.IsUpper(one) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(one) : $"{one}"));

    private static string Short(string? text) => text switch
    {
        null => "no state",
        { Length: > StateCharactersMax } => text[..StateCharactersMax] + "…",
        _ => text,
    };
}
