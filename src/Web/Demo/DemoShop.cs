using Kappa.Shop;

namespace Kappa.Web.Demo;

/// <summary>
/// A small web shop: customers come, order, sometimes cancel, marry, change their address; now and then a sale makes
/// for a rush. Not thread-safe.
/// </summary>
internal sealed class DemoShop(Random random, string run)
{
    private const int CustomersMax = 400;
    private const int CustomersAtFirst = 25;
    private const int OrdersMax = 200;
    private const double QuietPerSecond = 7;
    private const double RushPerSecond = 25;

    private readonly List<CustomerRegistered> _customers = [];
    private readonly List<OrderPlaced> _orders = [];
    private int _registered;
    private int _placed;
    private int _changed;
    private DateTimeOffset? _lastAt;
    private DateTimeOffset _rushFrom;

    /// <summary>Everything that happened in the shop since the last call.</summary>
    public void Trade(DateTimeOffset now, List<DemoEvent> happened)
    {
        var elapsed = now - (_lastAt ?? now);
        if (_lastAt is null || now - _rushFrom > TimeSpan.FromSeconds(10))
            _rushFrom = now + TimeSpan.FromSeconds(random.Next(20, 60));
        _lastAt = now;
        // After a pause, of a full disk for instance, business does not catch up.
        var expected = (now >= _rushFrom ? RushPerSecond : QuietPerSecond) * Math.Min(1, elapsed.TotalSeconds);
        for (var left = Poisson(expected); left > 0; left--)
            happened.Add(Next());
    }

    private DemoEvent Next() => (_customers.Count, random.Next(100)) switch
    {
        ( < CustomersAtFirst, _) or (_, < 6) => Register(),
        (_, < 9) => Rename(),
        (_, < 13) => ChangeEmail(),
        (_, < 20) when _orders.Count > 0 => Cancel(),
        _ => Place(),
    };

    private DemoEvent Register()
    {
        var name = $"{Pick(DemoNames.First)} {Pick(DemoNames.Last)}";
        var id = $"{run}-c{++_registered}";
        var customer = new CustomerRegistered(id, name, DemoNames.Email(name, _registered));
        Keep(_customers, customer, CustomersMax);
        return OfCustomer(customer, id, "registered");
    }

    private DemoEvent Rename()
    {
        var at = random.Next(_customers.Count);
        var was = _customers[at];
        _customers[at] = was with { Name = $"{was.Name.Split(' ')[0]} {Pick(DemoNames.Last)}" };
        return OfCustomer(new CustomerRenamed(was.CustomerId, was.Name, _customers[at].Name), was.CustomerId, $"renamed/{++_changed}");
    }

    private DemoEvent ChangeEmail()
    {
        var at = random.Next(_customers.Count);
        var was = _customers[at];
        _customers[at] = was with { Email = DemoNames.Email(was.Name, ++_changed) };
        return OfCustomer(new CustomerEmailChanged(was.CustomerId, was.Email, _customers[at].Email), was.CustomerId, $"email-changed/{_changed}");
    }

    private DemoEvent Place()
    {
        // The exponent makes some customers regulars.
        var customer = random.Next(100) < 8 ? null : _customers[(int)(_customers.Count * Math.Pow(random.NextDouble(), 1.4))];
        OrderLine[] lines = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Line())];
        var order = new OrderPlaced
        {
            OrderId = $"{run}-o{++_placed}",
            CustomerId = customer?.CustomerId,
            Country = Pick(DemoNames.Countries),
            Currency = "GBP",
            Lines = OrderLines.Of(lines),
            Total = lines.Sum(line => line.Quantity * line.UnitPrice),
        };
        Keep(_orders, order, OrdersMax);
        return OfOrder(order, "placed");
    }

    private DemoEvent Cancel()
    {
        var at = random.Next(_orders.Count);
        var order = _orders[at];
        _orders.RemoveAt(at);
        return OfOrder(new OrderCancelled
        {
            OrderId = order.OrderId,
            CustomerId = order.CustomerId,
            Country = order.Country,
            Currency = order.Currency,
            Lines = OrderLines.Of([.. order.Lines.Select(line => line with { Quantity = -line.Quantity })]),
            Total = -order.Total,
        }, "cancelled");
    }

    private OrderLine Line()
    {
        var (sku, description, price) = Pick(DemoNames.Products);
        return new OrderLine { Sku = sku, Description = description, Quantity = Pick(DemoNames.Quantities), UnitPrice = price };
    }

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];

    private void Keep<T>(List<T> list, T item, int most)
    {
        if (list.Count == most)
            list.RemoveAt(random.Next(most));
        list.Add(item);
    }

    /// <summary>How often something of a known mean happens (Knuth's way; the means here are small).</summary>
    private int Poisson(double mean)
    {
        var (count, limit) = (0, Math.Exp(-mean));
        for (var product = random.NextDouble(); product > limit; product *= random.NextDouble())
            count++;
        return count;
    }

    private static DemoEvent OfCustomer(object record, string customerId, string what) =>
        new(record, $"{customerId}/{what}", $"customer/{customerId}");

    private static DemoEvent OfOrder(Order order, string what) =>
        new(order, $"{order.OrderId}/{what}", order.CustomerId is { } customer ? $"customer/{customer}" : $"order/{order.OrderId}");
}
