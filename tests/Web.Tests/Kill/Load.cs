using System.Net;
using System.Text;
using System.Text.Json;

namespace Kappa.Tests;

/// <summary>
/// A client that appends orders and games until its host dies, and then, like any client of a log, appends what was not
/// acknowledged again. Remembers what was.
/// </summary>
internal sealed class Load(int client, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<string> _pending = [];
    private int _next;

    /// <summary>The ids that the host acknowledged.</summary>
    public HashSet<string> Acknowledged { get; } = [];

    /// <summary>Appends batches until told to stop, or until the host is gone.</summary>
    /// <param name="acknowledged">Told after each acknowledged batch.</param>
    public async Task RunAsync(HttpClient http, Action acknowledged, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (_pending.Count == 0)
                for (var count = _random.Next(1, 40); count > 0; count--)
                    _pending.Add($"{client}-{_next++}");
            try
            {
                using var content = new StringContent("[" + string.Join(',', _pending.Select(Event)) + "]", Encoding.UTF8);
                content.Headers.ContentType = new("application/cloudevents-batch+json");
                using var answer = await http.PostAsync(new Uri("/events", UriKind.Relative), content, CancellationToken.None);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(CancellationToken.None));
                Assert.Equal(_pending.Count, body.RootElement.GetProperty("appended").GetInt32() + body.RootElement.GetProperty("duplicates").GetInt32());
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // Killed under way: whether these were stored is not known, so they are sent again to the next host.
                return;
            }
            Acknowledged.UnionWith(_pending);
            _pending.Clear();
            acknowledged();
        }
    }

    /// <summary>The same id gives the same event, whenever it is sent.</summary>
    private static string Event(string id)
    {
        var number = int.Parse(id.AsSpan(id.IndexOf('-', StringComparison.Ordinal) + 1));
        var (customer, month) = (number * 7 % 23, 1 + number % 12);
        return (number % 4) switch
        {
            0 => $$$"""{"specversion":"1.0","id":"{{{id}}}","source":"/kill","type":"game.ended","subject":"game/{{{id}}}","time":"2025-{{{month:00}}}-01T00:00:00Z","data":{"gameId":"{{{id}}}","white":"p{{{customer}}}","black":"p{{{customer + 1}}}","result":"1-0","whiteRating":{{{1500 + number % 300}}},"whiteRatingChange":5,"startedAt":"2025-{{{month:00}}}-01T00:00:00Z"}}""",
            1 => $$$"""{"specversion":"1.0","id":"{{{id}}}","source":"/kill","type":"shop.order.cancelled","subject":"customer/{{{customer}}}","time":"2025-{{{month:00}}}-02T00:00:00Z","data":{"orderId":"{{{id}}}","customerId":"{{{customer}}}","currency":"GBP","lines":[{"sku":"A","quantity":-1,"unitPrice":1.10}],"total":-1.10}}""",
            _ => $$$"""{"specversion":"1.0","id":"{{{id}}}","source":"/kill","type":"shop.order.placed","subject":"customer/{{{customer}}}","time":"2025-{{{month:00}}}-03T00:00:00Z","data":{"orderId":"{{{id}}}","customerId":"{{{customer}}}","currency":"GBP","lines":[{"sku":"A","quantity":3,"unitPrice":1.10},{"sku":"B","quantity":1,"unitPrice":0.05}],"total":3.35}}""",
        };
    }
}
