package service;

import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the service answers. Begin here. */
@RestController
class NameController {

    private final String name;

    NameController(@Value("${spring.application.name}") String name) {
        this.name = name;
    }

    @GetMapping("/")
    Map<String, String> readName() {
        return Map.of("service", name);
    }
}
