using System.Text.Json;
using Kappa.Events;
using Xunit.Abstractions;

namespace Kappa.Tests.Events;

/// <summary>The conformance cases of the CloudEvents project, which live beside the repository.</summary>
public sealed class ConformanceTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_valid_event_of_the_conformance_cases_is_taken() => ForEach("valid-events.json", 10, (name, json) =>
    {
        var read = Reading.One(json);
        Assert.True(read.Result == EventReadResult.Ok, $"{name}: {string.Join("; ", read.Problems)}");
        Assert.True(Reading.Batch($"[{json}]").Records[0].AsSpan().SequenceEqual(read.Records[0]), name);
    });

    [Fact]
    public void Every_invalid_event_of_the_conformance_cases_is_refused_for_its_reason() => ForEach("invalid-events.json", 25, (name, json) =>
    {
        var read = Reading.One(json);
        Assert.True(read.Result == EventReadResult.Invalid, name);
        var problem = Assert.Single(read.Problems);
        var expected = name switch
        {
            "invalidBothDataAndDataBase64" => "data_base64",
            "invalidCapitalizedExtension" => "MyExtension",
            "invalidPunctuatedExtension" or "invalidNonIntegerExtensionValue" => "my.extension",
            _ => new[] { "specversion", "datacontenttype", "dataschema", "subject", "source", "time", "type", "id" }
                .First(field => name.Contains(field, StringComparison.OrdinalIgnoreCase)),
        };
        Assert.True(problem.Field == expected, $"{name}: {problem}");
    });

    private void ForEach(string file, int count, Action<string, string> check)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "OrleansKappa.sln")))
            folder = folder.Parent;
        var path = Path.Combine(folder!.Parent!.FullName, "shared", "data", "cloudevents", file);
        if (!File.Exists(path))
        {
            output.WriteLine($"Not run: there is no {path}.");
            return;
        }
        using var cases = JsonDocument.Parse(File.ReadAllBytes(path));
        var tests = cases.RootElement.GetProperty("tests").EnumerateArray().ToArray();
        Assert.Equal(count, tests.Length);
        foreach (var test in tests)
            check(test.GetProperty("id").GetString()!, test.GetProperty("event").GetRawText());
    }
}
