using System.Net;
using System.Text.Json;
using Xunit.Abstractions;

namespace Kappa.Tests.Api;

public sealed class ConformanceTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("valid-events.json", 10, HttpStatusCode.OK)]
    [InlineData("invalid-events.json", 25, HttpStatusCode.BadRequest)]
    public async Task The_conformance_cases_of_CloudEvents_are_taken_or_refused_as_named(string file, int cases, HttpStatusCode expected)
    {
        if (SharedData.Find("cloudevents", file) is not { } path)
        {
            output.WriteLine($"{file} is not on this machine; nothing was tested.");
            return;
        }
        using var data = new TempDirectory();
        await using var host = await RunningHost.StartAsync(data.Path);
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(path));
        var tested = 0;
        foreach (var test in document.RootElement.GetProperty("tests").EnumerateArray())
        {
            var sent = test.GetProperty("event").GetRawText();
            output.WriteLine(test.GetProperty("id").GetString()!);
            using var one = await host.Client.EventsAsync(sent);
            await one.JsonAsync(expected);
            using var batch = await host.Client.EventsAsync($"[{sent}]", "application/cloudevents-batch+json");
            await batch.JsonAsync(expected);
            tested++;
        }
        Assert.Equal(cases, tested);
    }
}
