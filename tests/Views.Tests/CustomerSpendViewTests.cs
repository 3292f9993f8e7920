using Kappa.Shop;
using Kappa.Views.Checks;
using static Kappa.Tests.Shipped;

namespace Kappa.Tests;

public sealed class CustomerSpendViewTests
{
    private readonly EventScript _script = new(Types);

    private string? State(string key) => Fold(new CustomerSpendView(), _script).Json(key);

    [Fact]
    public void Every_field_is_present_in_the_published_order_and_null_where_unknown()
    {
        _script.Add(Placed("1", 10.50m), "customer/1", Day(2010, 12, 1));
        Assert.Equal("""{"customerId":"1","name":null,"email":null,"months":[{"month":"2010-12","orders":1,"cancellations":0,"total":10.50}],"total":10.50}""", State("1"));
    }

    [Fact]
    public void Names_and_addresses_follow_registration_and_changes()
    {
        _script.Add(new CustomerRegistered("1", "Ada", "a@x"), "customer/1")
            .Add(new CustomerRenamed("1", "Ada", "Ada L."), "customer/1")
            .Add(new CustomerEmailChanged("1", "a@x", "b@x"), "customer/1");
        Assert.Equal("""{"customerId":"1","name":"Ada L.","email":"b@x","months":[],"total":0}""", State("1"));
    }

    [Fact]
    public void A_late_order_lands_in_its_month_and_months_ascend()
    {
        foreach (var month in new[] { 3, 1, 2, 3, 1 })
            _script.Add(Placed("1", month), "customer/1", Day(2011, month, 5));
        var months = Fold(new CustomerSpendView(), _script).State("1")!.Months;
        Assert.Equal([("2011-01", 2, 2m), ("2011-02", 1, 2m), ("2011-03", 2, 6m)], months.Select(m => (m.Month, m.Orders, m.Total)));
    }

    [Fact]
    public void A_cancellation_counts_apart_and_takes_its_credit_off()
    {
        _script.Add(Placed("1", 10.10m), "customer/1", Day(2011, 1, 1)).Add(Cancelled("1", -3.005m), "customer/1", Day(2011, 1, 2));
        Assert.Equal("""{"customerId":"1","name":null,"email":null,"months":[{"month":"2011-01","orders":1,"cancellations":1,"total":7.095}],"total":7.095}""", State("1"));
    }

    [Fact]
    public void An_adjustment_with_a_customer_changes_totals_only()
    {
        _script.Add(new OrderAdjusted { OrderId = "a", CustomerId = "1", Currency = "GBP", Lines = [], Total = -1m }, "customer/1", Day(2011, 1, 1));
        Assert.Equal("""{"customerId":"1","name":null,"email":null,"months":[{"month":"2011-01","orders":0,"cancellations":0,"total":-1}],"total":-1}""", State("1"));
    }

    [Fact]
    public void An_anonymous_order_goes_nowhere()
    {
        _script.Add(Placed(null, 1m), "order/1");
        Assert.Empty(Fold(new CustomerSpendView(), _script).Keys);
    }

    [Fact]
    public void The_month_is_that_of_the_time_in_utc_and_of_the_append_where_there_is_no_time()
    {
        _script.Add(Placed("1", 1m), "customer/1", new DateTimeOffset(2011, 2, 1, 0, 30, 0, TimeSpan.FromHours(1))).Add(Placed("1", 1m), "customer/1");
        Assert.Equal(["2011-01", "2026-01"], Fold(new CustomerSpendView(), _script).State("1")!.Months.Select(m => m.Month));
    }

    [Fact]
    public void Lookups_and_ranks_have_their_published_names()
    {
        var view = new CustomerSpendView();
        Assert.Equal([("email", false), ("name", true)], view.Lookups.Select(l => (l.Name, l.Prefix)));
        Assert.Equal(["total"], view.Ranks.Select(r => r.Name));
        Assert.Equal(("customer-spend", 1), (view.Name, view.Version));
    }
}
