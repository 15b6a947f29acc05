using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Infrastructure;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>Step 1: what kind of appointment.</summary>
public sealed class ServiceModel(AvailabilityService availability, WebOptions web, TimeProvider time) : BookingPage
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(30);

    public IReadOnlyList<ServiceView> Services { get; private set; } = [];

    /// <summary>In demonstration mode: the services of which a video call can be tried at once.</summary>
    public IReadOnlyList<AvailableSlot> OpenNow { get; private set; } = [];

    public async Task OnGetAsync()
    {
        Services = await availability.ServicesAsync(Actor, PatientId, Cancelled);
        if (web.Demonstration.Enabled)
            OpenNow = await OpenNowAsync();
    }

    private async Task<List<AvailableSlot>> OpenNowAsync()
    {
        var now = time.GetUtcNow();
        var today = PracticeTime.For(Me.TimeZone).DayOf(now);
        var open = new List<AvailableSlot>();
        foreach (var service in Services.Where(s => s.Channels.Contains(DeliveryChannel.Video)))
        {
            var slots = await availability.SlotsAsync(Actor, service.Id, PatientId, today, Cancelled);
            open.AddRange(slots.Where(s => s.Start <= now + Soon).Take(1));
        }
        return open;
    }
}
