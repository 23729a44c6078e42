package service;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.DoubleStream;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;

/** Measures every request but those of the platform itself, as dashboard and alerts read it. */
@Component
class ObserveRequests extends OncePerRequestFilter {

    /** What OpenTelemetry advises, in seconds. An objective for latency has to be one of them. */
    private static final Duration[] BOUNDARIES = DoubleStream.of(
                    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
            .mapToObj(seconds -> Duration.ofNanos(Math.round(seconds * 1e9)))
            .toArray(Duration[]::new);

    private final MeterRegistry registry;

    ObserveRequests(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getRequestURI();
        return path.startsWith("/health") || path.equals("/metrics");
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Timer.Sample sample = Timer.start(registry);
        int status = 500;
        try {
            chain.doFilter(request, response);
            status = response.getStatus();
        } finally {
            sample.stop(Timer.builder("http.server.request.duration")
                    .description("Duration of HTTP server requests.")
                    .tag("http.request.method", request.getMethod())
                    .tag("http.route", routeOf(request))
                    .tag("http.response.status.code", Integer.toString(status))
                    .serviceLevelObjectives(BOUNDARIES)
                    .register(registry));
        }
    }

    /** The pattern, not the path: paths are without number. */
    private static String routeOf(HttpServletRequest request) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        return pattern == null || pattern.equals("/**") ? "unknown" : pattern.toString();
    }
}
