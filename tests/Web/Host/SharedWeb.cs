using Telemedicine.Clinical;
using Telemedicine.Clinical.Carers;

namespace Telemedicine.Web.Tests.Host;

/// <summary>One Web for tests that only look: Margaret has an appointment at 9am, Grace acts for her, and it is 9:05am. Each account signs in once.</summary>
public sealed class SharedWeb : IAsyncLifetime
{
    private readonly Dictionary<string, Browser> _browsers = [];
    private WebHost? _web;

    public WebHost Web => _web ?? throw new InvalidOperationException("Not started.");

    public AppointmentId Appointment { get; private set; }

    /// <summary>Grace, who may do everything for Margaret.</summary>
    public RelatedPersonId Carer { get; private set; }

    public async ValueTask InitializeAsync()
    {
        _web = await WebHost.StartAsync();
        Carer = await Web.AddCarerAsync(People.Grace, CarerRights.SeeAppointments | CarerRights.ChangeAppointments | CarerRights.JoinConsultations);
        Appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        Web.Time.Advance(TimeSpan.FromMinutes(35));
    }

    /// <summary>Margaret, who came by a link.</summary>
    public async Task<Browser> GuestAsync()
    {
        if (!_browsers.TryGetValue("guest", out var browser))
            _browsers.Add("guest", browser = await Web.GuestAsync(Appointment));
        return browser;
    }

    public async Task<Browser> BrowserAsync(Account? account)
    {
        var key = account?.Subject ?? "";
        if (!_browsers.TryGetValue(key, out var browser))
            _browsers.Add(key, browser = account is null ? Web.Browser() : await Web.SignInAsync(account));
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var browser in _browsers.Values)
            browser.Dispose();
        if (_web is not null)
            await _web.DisposeAsync();
    }
}
