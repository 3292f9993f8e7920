using Kappa.Shop;
using Kappa.Views.Checks;
using static Kappa.Tests.Shipped;

namespace Kappa.Tests;

public sealed class MonthlySalesViewTests
{
    [Fact]
    public void A_month_counts_all_orders_anonymous_ones_too()
    {
        var script = new EventScript(Types)
            .Add(Placed("1", 10.5m, quantity: 3), "customer/1", Day(2010, 12, 1))
            .Add(Placed(null, 2m, quantity: 4), "order/2", Day(2010, 12, 31))
            .Add(Cancelled("1", -0.5m, quantity: -2), "customer/1", Day(2010, 12, 2))
            .Add(new OrderAdjusted { OrderId = "A1", Currency = "GBP", Lines = [], Total = -1m }, "order/A1", Day(2010, 12, 3));
        var sales = Fold(new MonthlySalesView(), script);
        Assert.Equal(["2010-12"], sales.Keys);
        Assert.Equal("""{"month":"2010-12","orders":2,"cancellations":1,"adjustments":1,"revenue":11.0,"items":5}""", sales.Json("2010-12"));
    }

    [Theory]
    [InlineData("1.0", "2.00", "-3.000")]
    [InlineData("1.10", "-1.10", "0")]
    [InlineData("0.001", "-0.0010", "5")]
    [InlineData("-2.50", "2.5", "0.0")]
    public void Sums_have_the_same_bytes_in_every_order(string a, string b, string c)
    {
        string[][] orders = [[a, b, c], [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]];
        var states = orders.Select(order =>
        {
            var script = new EventScript(Types);
            foreach (var total in order)
                script.Add(Placed(null, decimal.Parse(total), quantity: 1), "order/1", Day(2011, 1, 1));
            return Fold(new MonthlySalesView(), script).Json("2011-01");
        }).Distinct();
        var only = Assert.Single(states);
        Assert.DoesNotContain("\"revenue\":-0", only);
    }

    [Fact]
    public void A_sum_that_would_have_to_be_rounded_stops_the_month_instead()
    {
        var script = new EventScript(Types).Add(Placed(null, 9_999_999_999_999_999_999_999_999_999m), "order/1", Day(2011, 1, 1))
            .Add(Placed(null, 0.01m), "order/1", Day(2011, 1, 1));
        Assert.StartsWith("quarantined", Fold(new MonthlySalesView(), script).Json("2011-01"));
    }
}
