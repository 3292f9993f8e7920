using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Kappa.Tests;

/// <summary>Looks at a running host from outside, over HTTP: its whole log, its audits, all states of all views.</summary>
internal static class Witness
{
    public static readonly string[] Views = ["customer-spend", "game", "monthly-sales", "player"];

    /// <summary>The ids of all events; fails if a partition has a hole or an id stands twice.</summary>
    public static async Task<HashSet<string>> IdsAsync(HttpClient http)
    {
        var ids = new HashSet<string>();
        using var log = await JsonAsync(http, "/log");
        foreach (var partition in log.RootElement.GetProperty("partitions").EnumerateArray())
        {
            var (number, end) = (partition.GetProperty("partition").GetInt32(), partition.GetProperty("next").GetInt64());
            for (var at = 0L; at < end;)
            {
                using var page = await JsonAsync(http, $"/log/{number}?from={at}&take=1000");
                foreach (var item in page.RootElement.GetProperty("items").EnumerateArray())
                {
                    Assert.Equal(at++, item.GetProperty("kappasequence").GetInt64());
                    Assert.True(ids.Add(item.GetProperty("id").GetString()!), $"{item} stands twice");
                }
                Assert.Equal(at, page.RootElement.GetProperty("next").GetInt64());
            }
        }
        return ids;
    }

    /// <summary>Waits until all views have everything and proves each complete.</summary>
    public static async Task AuditAsync(HttpClient http)
    {
        await CaughtUpAsync(http);
        foreach (var view in Views)
        {
            using var audit = await JsonAsync(http, $"/audit/{view}");
            Assert.True(audit.RootElement.GetProperty("complete").GetBoolean(), audit.RootElement.ToString());
        }
    }

    /// <summary>Every state of every view, as bytes, with its version.</summary>
    public static async Task<string> StatesAsync(HttpClient http)
    {
        await CaughtUpAsync(http);
        var all = new StringBuilder();
        foreach (var view in Views)
            for (var (after, more) = ("", true); more;)
            {
                using var page = await JsonAsync(http, $"/views/{view}?take=500{after}");
                foreach (var item in page.RootElement.GetProperty("items").EnumerateArray())
                {
                    var key = item.GetProperty("key").GetString()!;
                    using var envelope = await JsonAsync(http, $"/views/{view}/{Uri.EscapeDataString(key)}");
                    all.Append(CultureInfo.InvariantCulture, $"{view} {key} {item.GetProperty("version")} {envelope.RootElement.GetProperty("state").GetRawText()}\n");
                }
                more = page.RootElement.GetProperty("next").GetString() is { } next && (after = $"&after={next}") != "";
            }
        return all.ToString();
    }

    /// <summary>A receipt for the end of the log, given to reads of many keys, meets every shard.</summary>
    private static async Task CaughtUpAsync(HttpClient http)
    {
        using var log = await JsonAsync(http, "/log");
        var cut = string.Join(',', log.RootElement.GetProperty("partitions").EnumerateArray()
            .Where(partition => partition.GetProperty("next").GetInt64() > 0)
            .Select(partition => $"{partition.GetProperty("partition")}:{partition.GetProperty("next")}"));
        Assert.True(Kappa.Log.Cut.TryParse(cut, out var end));
        var receipt = new Kappa.Log.Receipt(end);
        foreach (var view in Views)
            for (var i = 0; i < 32; i++)
            {
                using var answer = await http.GetAsync(new Uri($"/views/{view}/any{i}?receipt={receipt}&wait=60s", UriKind.Relative));
                Assert.Contains((int)answer.StatusCode, new[] { 200, 404 });
            }
    }

    private static async Task<JsonDocument> JsonAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {body}");
        return JsonDocument.Parse(body);
    }
}
